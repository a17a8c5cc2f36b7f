export { budgetsOf, budgetVariables } from './budgets.ts';
export { type Compute, ComputingProcesses } from './processes/compute.ts';
export { runWorker } from './run-worker.ts';
export type { ProfilingTask, RunTask, ShardTask, Task, TaskResult } from './tasks/task.ts';
export { startWorker, type Worker, type WorkerOptions } from './worker.ts';
