import { startEmbeddedPostgres } from '../src/postgres/embedded.ts';

// Starts the server in the folder of the first argument, says where, and stays.
const { url, pid } = await startEmbeddedPostgres(process.argv[2] ?? '');
console.log(JSON.stringify({ url, pid }));
setInterval(() => {}, 1000);
