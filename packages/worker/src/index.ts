export { EVENTS_CHANNEL } from './claims/events.ts';
export { isAtWork, isOver, mayFollow } from './claims/life-cycle.ts';
export { DEFAULT_TIMING, Queue, type QueueTiming } from './queue/queue.ts';
export { runWorker } from './run-worker.ts';
export { cancelRun, type RunSpec, type Scheduling, startRuns } from './schedule.ts';
export { startWorker, type Worker, type WorkerOptions } from './worker.ts';
