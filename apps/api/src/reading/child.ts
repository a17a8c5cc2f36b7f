import { perform } from './perform.ts';
import { serveTasks } from './serve-tasks.ts';

// Reads what people uploaded for the API, which never reads it itself: whatever a file does to this process is done to
// it alone.
serveTasks(perform);
