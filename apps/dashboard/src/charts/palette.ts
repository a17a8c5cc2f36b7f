/** What charts are drawn in: canvas knows no style sheets. The values are those of globals.css. */
export interface Palette {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly raised: string;
  readonly accent: string;
}

export const LIGHT: Palette = {
  ink: '#1b1c1a',
  soft: '#575953',
  line: '#e4e4e0',
  raised: '#ffffff',
  accent: '#2e7d32',
};

export const DARK: Palette = {
  ink: '#ecede9',
  soft: '#b3b6ae',
  line: '#2b2d29',
  raised: '#20221f',
  accent: '#6cc070',
};
