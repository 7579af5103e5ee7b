"""Kills, links, races and wrong names: nobody's file is harmed."""
