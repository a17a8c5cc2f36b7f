// The process that computes: our sources are TypeScript, whatever Node runs them.
import { register } from 'tsx/esm/api';

register();
await import('./child.ts');
