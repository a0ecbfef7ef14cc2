"""Assistants: invited by an owner, acting for them, and every act told."""
