import './globals.css';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { ThemeProvider } from 'next-themes';
import type { ReactNode } from 'react';

export const metadata: Metadata = {
  title: { default: 'Espalier', template: '%s · Espalier' },
  description: 'Prune convolutional networks, track the experiments, compare the results.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfbfa' },
    { media: '(prefers-color-scheme: dark)', color: '#131412' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? '';
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <script
          nonce={nonce}
          suppressHydrationWarning
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a nonce of our own, which is base64
          dangerouslySetInnerHTML={{ __html: styleNonce(nonce) }}
        />
        <ThemeProvider attribute="class" nonce={nonce} disableTransitionOnChange>
          {children}
        </ThemeProvider>
      </body>
    </html>
  );
}

/** What dialogs and menus set as the nonce of the styles that they add: the policy refuses those without. */
function styleNonce(nonce: string): string {
  return `globalThis.__webpack_nonce__=${JSON.stringify(nonce)}`;
}
