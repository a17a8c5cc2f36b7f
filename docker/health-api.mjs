// Healthy is an API that answers, and whose database answers it.
const port = process.env.ESPALIER_PORT || 4000;
const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(4000) }).catch(
  (error) => error,
);
if (!answer.ok) {
  console.error(answer.status ? `/health answers ${answer.status}` : `no answer: ${answer.cause ?? answer}`);
  process.exit(1);
}
