"""The whole waiting list allocated at once: who could take what, the best division of it, why some find no place.

Pure: plain values in, plain values out. `plan` brings a numerical library with it that takes a second to load, so
nothing is imported here, and the worker loads it with its first plan.
"""
