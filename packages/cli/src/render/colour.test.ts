import { describe, expect, it } from 'vitest';
import { wantsColour, wantsTrueColour } from './colour.ts';

const terminal = { isTTY: true };

describe('colour', () => {
  it('is for terminals, unless they or their owner want none', () => {
    expect(wantsColour(terminal, { TERM: 'xterm' })).toBe(true);
    expect(wantsColour({}, { TERM: 'xterm', CI: 'true' })).toBe(false);
    expect(wantsColour(terminal, { TERM: 'dumb' })).toBe(false);
    expect(wantsColour(terminal, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour({}, { FORCE_COLOR: '1' })).toBe(true);
  });

  it('is 24 bit only where the terminal says so', () => {
    expect(wantsTrueColour(terminal, { COLORTERM: 'truecolor' })).toBe(true);
    expect(wantsTrueColour(terminal, {})).toBe(false);
    expect(wantsTrueColour({}, { COLORTERM: 'truecolor' })).toBe(false);
  });
});
