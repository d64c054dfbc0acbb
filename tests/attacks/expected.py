"""The table: with what each attack is known to land in each mode. What is not named here is stopped."""

from __future__ import annotations

from attack import Goal

WHY = {
    "none": "the solution is a part of the judge: this mode is for your own code",
    "process": "the solution has your rights as a user: this mode is for code of people whom you trust",
}
"""Why an attack may land: the promise of the mode."""

REASONS = {
    "lies_to_the_counter": (
        "Python-level work is counted inside the process of the solution, so code that attacks the counter can hide "
        "its loops; it earns the points for vectorization of a function that is right"
    ),
    "where_a_link_leads": (
        "Landlock keeps what is in files, not that they exist and not what a symbolic link says; Python needs both to "
        "find its modules"
    ),
    "careless_plugin": (
        "of `--kata-solution PATH` pytest takes the second word for the project, and reads the settings beside it "
        "before any plugin can look; write `--kata-solution=PATH`"
    ),
}
"""Why an attack lands although the solution is confined."""

_EVERYWHERE = {
    Goal.POINTS: "lies_to_the_counter",
    Goal.WRITES: "careless_plugin",
}
_RIGHTS = {
    Goal.WRITES: """
        memo_in_a_file through_a_link through_a_hard_link writes_a_file overwrites_the_checks truncates_the_checks
        plants_a_module changes_the_mode changes_the_times renames_the_checks makes_a_folder
        makes_a_fifo temporary_file shared_memory memfd_exec exec shell fills_the_disk
        careless_isolation careless_plugin""",
    Goal.CONNECTS: "tcp tcp_fast_open udp unix_socket abstract_socket socket_by_number url",
    Goal.SIGNALS: """
        signals_a_stranger signals_all signals_by_tgkill signals_by_queue signals_by_pidfd signals_by_the_kernel
        signals_by_another_owner signals_by_a_socket limits_of_others priority_of_others processors_of_others""",
}
"""What comes of the rights of a user: the same in the judge and in a process beside it."""
LANDS: dict[str, dict[Goal, str]] = {
    "none": {
        Goal.POINTS: """
            frame_globals frame_locals garbage patched_numpy patched_close patched_report finalizers
            lies_to_the_counter os_exit os_exit_at_import at_exit hostile_text imports_the_reference imports_the_kata
            forged_scorecard memfd_exec exec""",
        Goal.READS: """
            reads_the_source_of_the_checks everything_it_holds reads_a_file reads_the_checks imports_from_an_archive
            lists_folders through_proc_self_root through_proc_cwd through_openat2 through_a_memory_map through_numpy
            through_a_link where_a_link_leads inherited_descriptor environment environment_of_the_judge
            descriptors_of_the_judge memory_of_the_judge process_vm_readv""",
        **_RIGHTS,
        Goal.WRITES: _RIGHTS[Goal.WRITES] + " daemon_that_writes",
        Goal.SURVIVES: "forks daemon daemon_that_writes clone clone3 vfork_and_exec fork_bomb",
        Goal.STALLS: """
            endless_recursion stops_the_judge endless_loop endless_loop_at_import sleeps sleeps_at_import
            ignores_signals stops_itself long_c_call fakes_the_clock regular_expression slow_finalizer
            holds_the_lock""",
        Goal.STOPS: """
            code_swap patched_hypothesis poisoned_modules patched_builtins patched_encoder tracing os_exit
            os_exit_at_import interrupts_the_main_thread hostile_text bdb_quit breakpoint_hook segfault abort
            closes_everything truncates_the_checks renames_the_checks forged_scorecard memfd_exec exec
            kills_the_judge interrupts_the_judge kills_its_parent kills_its_group alarm""",
        Goal.KERNEL: "ptrace_traceme memfd watches_files own_seccomp netlink listens",
    },
    "process": {
        Goal.POINTS: "lies_to_the_counter imports_the_reference forged_scorecard",
        Goal.READS: """
            reads_a_file reads_the_checks imports_from_an_archive
            lists_folders through_proc_self_root through_proc_cwd through_openat2 through_a_memory_map through_numpy
            through_a_link where_a_link_leads environment_of_the_judge descriptors_of_the_judge""",
        **_RIGHTS,
        Goal.STALLS: "stops_the_judge",
        Goal.STOPS: """
            truncates_the_checks renames_the_checks forged_scorecard kills_the_judge interrupts_the_judge""",
        Goal.KERNEL: "ptrace_traceme memfd watches_files own_seccomp netlink listens",
    },
    "confined": {**_EVERYWHERE, Goal.READS: "where_a_link_leads"},
    "sandbox": _EVERYWHERE,
}
_KERNEL = """
    unshare_user mount chroot setns pidfd_getfd perf_events bpf keyring io_uring userfaultfd memfd_secret message_queue
    system_v_memory kernel_module raises_its_limits realtime_scheduling x32_numbers vsock packet_socket crypto_socket
    terminal"""
_DEPENDS = {
    Goal.KERNEL: _KERNEL,
    Goal.READS: "foreign_numbers through_a_handle attached_data memory_of_the_judge process_vm_readv",
    Goal.SIGNALS: "ptrace_attach",
    Goal.CONNECTS: "udp_by_ipv6",
    Goal.WRITES: "sets_an_attribute",
}
MAY_LAND: dict[str, dict[Goal, str]] = {
    "none": {
        **_DEPENDS,
        Goal.SURVIVES: "pool kills_siblings",
        Goal.STALLS: "memory_bomb many_answers many_small_answers many_objects large_file illegal_code",
        Goal.STOPS: "illegal_code memory_bomb thread_bomb opens_everything",
    },
    "process": {
        **_DEPENDS,
        Goal.WRITES: _DEPENDS[Goal.WRITES] + " daemon_that_writes",
        Goal.STOPS: "kills_siblings",
    },
}
"""What depends on the kernel's settings, such as Ubuntu's on ptrace and on user namespaces, or on who is faster."""


def expected(name: str, mode: str) -> frozenset[Goal]:
    """Say with what an attack lands on every machine."""
    return _goals(LANDS[mode], name)


def may_land(name: str, mode: str) -> frozenset[Goal]:
    """Say with what an attack lands on some machines."""
    return _goals(MAY_LAND.get(mode, {}), name)


def _goals(table: dict[Goal, str], name: str) -> frozenset[Goal]:
    return frozenset(goal for goal, names in table.items() if name in names.split())
