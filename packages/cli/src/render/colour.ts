import picocolors from 'picocolors';

interface Sink {
  readonly isTTY?: boolean;
}

/** Whether a stream wants colour: a terminal does, unless NO_COLOR; FORCE_COLOR overrides a pipe. */
export function wantsColour(stream: Sink, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Whether it can show any of 16 million colours. */
export function wantsTrueColour(stream: Sink, env: NodeJS.ProcessEnv = process.env): boolean {
  return wantsColour(stream, env) && /^(truecolor|24bit)$/i.test(env.COLORTERM ?? '');
}

/** Colours of results. */
export const onStdout = picocolors.createColors(wantsColour(process.stdout));
/** Colours of messages. */
export const onStderr = picocolors.createColors(wantsColour(process.stderr));
