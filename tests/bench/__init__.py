"""poolcli side by side with everyone who does the same job.

``make bench`` sets up .venv-bench and measures everything, which takes an hour or so on an idle
machine; ``.venv-bench/bin/python -m tests.bench --only kernels --quick`` gives a first answer
within a minute. Nothing here is a test, and only the run itself needs the peers to be installed.
"""
