"""A plan: the argv of a guest, built by the reference for one board, and what lint says of it."""

from dataclasses import dataclass, replace

from acrn_arch import (
    BlockTable,
    Config,
    Console,
    Device,
    Drive,
    Endpoint,
    Param,
    Sandbox,
    Socket,
    command,
)
from acrn_cmdline.lint import RECORDING, Severity, judge
from acrn_hwtests.boardfile import BoardFile

ID_LENGTH = 7
"""Characters of a guest's id; with what a dialect puts before it, at most 15, the longest name
that releases from v2.7 on take (measured)."""

MEMORY_MB = 256
AGENT = "agent.channel.0"
MAC = "02:ac:52:4e:00:01"

_TERMINAL = "/dev/pts/3"
"""The terminal on the host on which acrn-dm's verdicts were recorded."""


@dataclass(frozen=True, slots=True)
class Request:
    """A check's wishes for a guest, beside what every guest has.

    ``extra`` are devices after those of a sandbox.
    """

    memory_mb: int = MEMORY_MB
    kernel: str = ""
    kernel_params: tuple[str, ...] = ()
    network: bool = False
    drives: tuple[str, ...] = ()
    extra: tuple[Device, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A guest's share of the board: a UUID that no other live guest has, and a CPU.

    The one is empty, the other None, where the release takes none.
    """

    uuid: str = ""
    cpu: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A guest to be: its argv, to the byte, and what is needed to find one's way in it."""

    name: str
    argv: tuple[str, ...]
    table: BlockTable
    config: Config
    folder: str
    claim: Claim = Claim()

    @property
    def console_path(self) -> str:
        """The socket of the console hvc0."""
        return f"{self.folder}/console.sock"

    @property
    def agent_path(self) -> str:
        """The socket of the agent's port."""
        return f"{self.folder}/agent.sock"

    def path(self, name: str) -> str:
        """Return the path of a file of this guest on the board."""
        return f"{self.folder}/{name}"


def plan(board: BoardFile, folder: str, identity: str, request: Request, claim: Claim) -> Plan:
    """Have the reference build the argv of a sandbox, in the board's dialect.

    ``folder`` is the run's on the board; the guest's own is in it, by its name, which is
    ``identity`` behind what the dialect puts before it.
    """
    dialect = board.arch
    name = f"{dialect.sandbox_prefix}{identity}"
    own = f"{folder}/{name}"
    steps: list[Socket | Endpoint | Drive] = [Socket(AGENT, f"{own}/agent.sock")]
    if request.network:
        steps.append(Endpoint("veth", "default", board.interface, MAC))
    steps += [Drive(f"{own}/{drive}", 9 + n) for n, drive in enumerate(request.drives)]
    sandbox = Sandbox(
        id=identity,
        uuid=claim.uuid,
        apic_id="" if claim.cpu is None else str(claim.cpu),
        memory_mb=request.memory_mb,
        max_vcpus=1,
        kernel_path=request.kernel or board.kernel,
        image_path=f"{own}/disk.img",
        kernel_params=tuple(Param(p) for p in (*board.kernel_params, *request.kernel_params)),
        console_path=f"{own}/console.sock",
        steps=tuple(steps),
    )
    config = sandbox.config(dialect)
    config = replace(config, devices=(*config.devices, *request.extra))
    built = command(config, dialect)
    return Plan(name, tuple(built.argv), built.block_table, config, own, claim)


def refusals(planned: Plan, release: str) -> list[str]:
    """Return why the release refuses a plan's argv, as lint says it; nothing where it takes it.

    The host is the one of the recordings, on which every path is there, but for its terminals.
    """
    devices = planned.config.devices
    terminals = {d.path for d in devices if isinstance(d, Console) and d.backend == "tty"}
    host = RECORDING._replace(
        entry=lambda path: RECORDING.entry(_TERMINAL if path in terminals else path)
    )
    judgement = judge(planned.argv, host, (release,))
    if not judgement.refused:
        return []
    return [
        f"{finding.message}; {finding.remedy}"
        for finding in judgement.findings
        if finding.severity is Severity.REFUSED
    ] or [judgement.outcomes[release].message]
