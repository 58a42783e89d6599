import Button from '@cloudscape-design/components/button';
import {
  colorBorderDividerDefault,
  colorTextBodySecondary,
  colorTextStatusError,
  colorTextStatusSuccess,
  colorTextStatusWarning,
} from '@cloudscape-design/design-tokens';
import { type CSSProperties, useState } from 'react';
import { plural } from '#shared/frontend/format.ts';
import type { Change, ValueNode } from './value-tree.ts';
import './value-view.css';

const marks: Record<Exclude<Change, 'same'>, { sign: string; word: string }> = {
  added: { sign: '+', word: 'added' },
  removed: { sign: '−', word: 'removed' },
  changed: { sign: '~', word: 'changed' },
};

/** So many parts of one value are shown before a person asks for more. */
const atOnce = 100;

/** A value as nested lists; what changed says so in words and by a sign, not by its color alone. */
export function ValueView({ node, label }: { node: ValueNode; label: string }) {
  return (
    <section className="skafu-value" style={colors} aria-label={label}>
      {node.parts.length > 0 ? <Parts parts={node.parts} /> : <Leaf node={node} />}
    </section>
  );
}

function Parts({ parts }: { parts: readonly ValueNode[] }) {
  const [shown, setShown] = useState(atOnce);
  const left = parts.length - shown;
  return (
    <>
      <ul>
        {parts.slice(0, shown).map((part) => (
          <li key={part.name}>
            {part.parts.length > 0 ? (
              <details open={part.change !== 'same' || part.parts.length <= atOnce}>
                <summary>
                  <Sign change={part.change} />
                  <b>{part.name}</b> <small>{part.text}</small>
                </summary>
                <Parts parts={part.parts} />
              </details>
            ) : (
              <Leaf node={part} />
            )}
          </li>
        ))}
      </ul>
      {left > 0 ? (
        <Button variant="inline-link" onClick={() => setShown(shown + 10 * atOnce)}>
          Show more of {plural(left, 'further part')}
        </Button>
      ) : null}
    </>
  );
}

function Leaf({ node: { name, change, text, was } }: { node: ValueNode }) {
  return (
    <span>
      <Sign change={change} />
      {name === '' ? null : <b>{name}: </b>}
      {was === undefined ? null : (
        <>
          <del>{was}</del> <span aria-hidden="true">→</span>{' '}
        </>
      )}
      {change === 'removed' ? <del>{text}</del> : <span>{text}</span>}
    </span>
  );
}

function Sign({ change }: { change: Change }) {
  if (change === 'same') return null;
  const { sign, word } = marks[change];
  return (
    <em data-change={change}>
      <span aria-hidden="true">{sign}</span> {word}{' '}
    </em>
  );
}

const colors = {
  '--skafu-value-line': colorBorderDividerDefault,
  '--skafu-value-quiet': colorTextBodySecondary,
  '--skafu-value-added': colorTextStatusSuccess,
  '--skafu-value-removed': colorTextStatusError,
  '--skafu-value-changed': colorTextStatusWarning,
} as CSSProperties;
