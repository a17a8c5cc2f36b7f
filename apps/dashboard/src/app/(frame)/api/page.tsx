import type { Metadata } from 'next';
import { headers } from 'next/headers';
import Link from 'next/link';
import { CopyIcon } from '#src/ui/copy-icon.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Section } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'API' };

export default async function ApiPage() {
  const host = (await headers()).get('x-forwarded-host') ?? (await headers()).get('host') ?? '127.0.0.1:4000';
  const scheme = (await headers()).get('x-forwarded-proto') ?? 'http';
  const at = `${scheme}://${host.split(',')[0]}`;
  return (
    <>
      <PageHeader
        title="API"
        facts="Everything that this dashboard shows and does, one GraphQL API does."
        actions={
          <a
            href="/ide"
            className="inline-flex h-8 items-center rounded-md bg-accent px-3 font-medium text-accent-ink hover:bg-accent-hover"
          >
            Open the GraphQL editor
          </a>
        }
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
        <Section title="With curl">
          <ol className="grid grid-cols-[minmax(0,1fr)] gap-3 pt-1">
            <li>
              1. Make a key on the{' '}
              <Link href="/team" className="underline">
                team page
              </Link>
              ; it is shown once.
            </li>
            <li>
              2. Ask for the latest results:
              <Code name="the latest results">{`curl -s ${at}/graphql \\
  -H "Authorization: Bearer $ESPALIER_KEY" -H "Content-Type: application/json" \\
  -d '{"query": "{ runs(first: 5, filter: {state: {in: [FINISHED]}}) { nodes { id allocation share result { top1 macs downloadUrl } } } }"}'`}</Code>
            </li>
            <li>
              3. Fetch a pruned network by its <code className="font-mono">downloadUrl</code>:
              <Code name="a pruned network">{`curl -s -H "Authorization: Bearer $ESPALIER_KEY" -o pruned.onnx "${at}/files/SHA256"`}</Code>
            </li>
            <li>
              4. Or all runs as a table:
              <Code name="all runs as a table">{`curl -s -H "Authorization: Bearer $ESPALIER_KEY" "${at}/files/export/runs.csv" > runs.csv`}</Code>
            </li>
          </ol>
        </Section>
        <Section title="From Python">
          <p className="py-1 text-ink-soft">
            One file without dependencies, which this platform serves; it also imports results of other tools.
          </p>
          <Code name="a program in Python">{`# curl -O ${at}/client/espalier.py
from espalier import Client

client = Client("${at}")  # the key comes from ESPALIER_KEY
query = "{ runs(first: 5, filter: {state: {in: [FINISHED]}}) { nodes { id name result { top1 downloadUrl } } } }"
for run in client.ask(query)["runs"]["nodes"]:
    print(run["name"], run["result"]["top1"])
    client.download(run["result"]["downloadUrl"], f"{run['id']}.onnx")`}</Code>
        </Section>
        <Section title="From the command line">
          <Code name="commands">{`export ESPALIER_ADDRESS=${at} ESPALIER_KEY=...
espalier push network.onnx --name my-network
espalier import csv results.csv --map mapping.yaml
espalier experiments watch EXPERIMENT`}</Code>
        </Section>
        <Section title="Live">
          <p className="py-1 text-ink-soft">
            Subscriptions come as server-sent events from{' '}
            <code className="font-mono">{at}/graphql/stream</code>: runEvents, experimentEvents and
            workerEvents. A connection that breaks goes on behind the last message that was read
            (Last-Event-ID).
          </p>
        </Section>
      </div>
    </>
  );
}

/** A program or a command, to be copied. */
function Code({ name, children }: { name: string; children: string }) {
  return (
    <div className="relative mt-1.5">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto rounded-md bg-sunken p-3 pr-12 font-mono text-small">
        {children}
      </pre>
      <span className="absolute top-1 right-1">
        <CopyIcon text={children} label={`Copy: ${name}`} />
      </span>
    </div>
  );
}
