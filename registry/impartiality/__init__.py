"""What watches over fairness: figures, the register of conflicts, the log of risks, meetings, the yearly report."""
