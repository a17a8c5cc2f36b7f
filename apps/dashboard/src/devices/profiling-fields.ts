import { graphql } from '#src/graphql/graphql.ts';

/** A machine on which a profile can be measured. */
export const machineFields = graphql(`
  fragment MachineFields on Machine @_unmask { host cpu cores platform }
`);

/** A profile that a worker was asked to measure, and how far it is. */
export const profilingFields = graphql(`
  fragment ProfilingFields on Profiling @_unmask {
    id
    state
    isOver
    error
    machine
    deviceName
    threads
    batch
    createdAt
    model { id name }
    device { id }
    progress { done total ratePerSecond secondsLeft }
    profile { id device { id } check { isQuiet } }
  }
`);
