import { notFound } from 'next/navigation';

/** An address that no page has: what says so stands in the frame. */
export default function Missing(): never {
  notFound();
}
