export { type Config, readConfig } from './config.ts';
export { type Platform, type ServeOptions, serve } from './serve.ts';
