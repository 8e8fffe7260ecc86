"""The machine of the house: what `make run` and `make test` start, and in which order.

environment  the Python environment, made before anything else
table        our own processes, as production has them too
home         DATA_DIR: its lock, its secrets, what is left of an earlier run
programs     a process to start: how it is called, when it is ready, how it stops
postgres, redis, mail   the three servers beside us, each behind one function
supervisor   starts, watches, restarts and stops programs
run, testing the two arrangements
"""
