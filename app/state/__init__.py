"""/laget: what stands still, what is late, what is a draft and what goes on. For those who write, not for ranking."""

from app.state.asking import counts
from app.state.pages import blueprint

__all__ = ["blueprint", "counts"]
