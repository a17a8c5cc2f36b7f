import { serveTasks } from '../reading/serve-tasks.ts';
import { perform } from './perform.ts';

// Searches structures for the API, which answers others meanwhile, and keeps what the next target needs, too.
serveTasks(perform);
