import type { Block, Cell } from '../core/view.ts';
import { drawGraph } from './graph.ts';
import { type Html, html } from './html.ts';

export function blockHtml(block: Block): Html {
  switch (block.kind) {
    case 'table':
      return section(
        block.title,
        html`${about(block.about)}${block.rows.length === 0 ? html`<p class="quiet">${block.empty}</p>` : table(block)}`,
      );
    case 'fields':
      return section(
        block.title,
        html`<dl>${block.fields.map(([name, value]) => html`<div><dt>${name}</dt><dd>${cell(value)}</dd></div>`)}</dl>`,
      );
    case 'text':
      // Long lines are scrolled, also by keyboard.
      return section(block.title, html`<pre tabindex="0">${block.text}</pre>`);
    case 'graph':
      return section(block.title, drawGraph(block.graph, block.title));
    case 'choice':
      return html`<form method="get">${block.inputs.map(input)}<button type="submit">Show</button></form>`;
  }
}

const section = (title: string, content: Html) => html`<section><h2>${title}</h2>${content}</section>`;
const about = (text: string | undefined) => (text === undefined ? undefined : html`<p>${text}</p>`);

function table({ title, columns, rows }: Block & { kind: 'table' }): Html {
  const head = columns.map((column) => html`<th scope="col">${column}</th>`);
  const body = rows.map((row) => html`<tr>${row.map((each) => html`<td>${cell(each)}</td>`)}</tr>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** Longer texts may break anywhere; shorter ones, such as times, stay whole. */
const longest = 48;

function cell(value: Cell): Html {
  const { text, tone, to } = typeof value === 'object' ? value : { text: String(value) };
  const names = [tone, text.length > longest ? 'long' : undefined].filter((name) => name !== undefined);
  const shown = names.length === 0 ? html`${text}` : html`<span class="${names.join(' ')}">${text}</span>`;
  return to === undefined ? shown : html`<a href="${to}">${shown}</a>`;
}

function input({ name, label, value, options }: (Block & { kind: 'choice' })['inputs'][number]): Html {
  const field =
    options === undefined
      ? html`<input name="${name}" value="${value}">`
      : html`<select name="${name}">${options.map((option) => (option === value ? html`<option selected>${option}</option>` : html`<option>${option}</option>`))}</select>`;
  return html`<label>${label} ${field}</label>`;
}
