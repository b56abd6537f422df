"""The hardware tier: boots guests on boards, and talks to them on their serial consoles."""
