"""poolcli side by side with everyone who does the same job: ``python -m tests.bench``.

Nothing here is a test, and nothing but the run itself needs the peers to be installed.
"""
