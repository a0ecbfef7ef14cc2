"""The audit trail for auditors: acts, never contents."""
