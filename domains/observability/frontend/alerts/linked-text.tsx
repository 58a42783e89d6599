import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';

/** An address as people write it in a sentence: not with the full stop or bracket that follows it. */
const address = /https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]}]/g;

/** What a person wrote, as it is: only http and https addresses become links, everything else stays text. */
export function LinkedText({ text }: { text: string }) {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const { 0: href, index } of text.matchAll(address)) {
    if (!URL.canParse(href)) continue;
    parts.push(
      text.slice(end, index),
      <Link key={index} href={href} external target="_blank" rel="noopener noreferrer">
        {href}
      </Link>,
    );
    end = index + href.length;
  }
  return [...parts, text.slice(end)];
}
