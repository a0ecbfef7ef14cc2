"""Next week as an optimisation problem, its solution, and the reasons."""
