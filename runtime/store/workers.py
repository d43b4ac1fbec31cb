"""Who is alive: workers with a beat, and leases that only a live holder keeps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from runtime.store import dialect
from runtime.store.schema import leases, workers


def register(tx: Connection, worker: str, host: str, now: datetime) -> None:
    """Note that a process has begun to work."""
    row = {"id": worker, "host": host, "beat": 0, "started_at": now}
    tx.execute(dialect.upsert(workers, "id"), row)


def beat(tx: Connection, worker: str) -> bool:
    """Say that a process is alive; False when it was declared dead meanwhile."""
    alive = update(workers).where(workers.c.id == worker).values(beat=workers.c.beat + 1)
    return tx.execute(alive).rowcount == 1


def beats(tx: Connection) -> list[tuple[str, str, int]]:
    """Every known worker: (id, host, beat)."""
    rows = tx.execute(select(workers.c.id, workers.c.host, workers.c.beat))
    return [(row.id, row.host, row.beat) for row in rows]


def bury(tx: Connection, dead: list[str]) -> None:
    """Forget dead workers and free their leases."""
    tx.execute(delete(workers).where(workers.c.id.in_(dead)))
    freed = update(leases).where(leases.c.worker.in_(dead))
    tx.execute(freed.values(holder="", worker=""))


_GRAB = (
    update(leases)
    .where(
        leases.c.name == bindparam("lease"),
        # A holder who asks again could not store that it gave the lease back.
        or_(leases.c.holder == "", leases.c.holder == bindparam("by")),
    )
    .values(holder=bindparam("by"), worker=bindparam("at"), fence=leases.c.fence + 1)
    .returning(leases.c.fence)
)


def acquire(tx: Connection, name: str, worker: str, holder: str) -> int | None:
    """Take the lease `name` for `holder` of `worker`; its fencing number, or None when taken."""
    row = {"name": name, "holder": "", "worker": "", "fence": 0}
    tx.execute(dialect.insert_once(leases), row)
    return tx.execute(_GRAB, {"lease": name, "by": holder, "at": worker}).scalar()


def holds(tx: Connection, name: str, fence: int) -> bool:
    """Whether the lease is still the one that was given with this fencing number."""
    current = select(leases.c.fence).where(leases.c.name == name, leases.c.holder != "")
    return tx.execute(current).scalar() == fence


def release(tx: Connection, name: str, fence: int) -> None:
    """Give a lease back; nothing happens when it was lost meanwhile."""
    mine = update(leases).where(leases.c.name == name, leases.c.fence == fence)
    tx.execute(mine.values(holder="", worker=""))
