/** How something stands, for the colour and the word that tell it. */
export type Tone = 'good' | 'bad' | 'busy' | 'quiet';

/** What stands in a cell or a field: a text, and where it leads on the local cloud's page. */
export type Cell = string | number | { readonly text: string; readonly to?: string; readonly tone?: Tone };

/** A state machine as boxes and arrows, with how far an execution of it came. */
export interface Graph {
  readonly nodes: readonly { readonly id: string; readonly note: string; readonly tone?: Tone }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label?: string }[];
}

/** One part of a view, from top to bottom. */
export type Block =
  | {
      readonly kind: 'table';
      readonly title: string;
      readonly about?: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Cell[])[];
      /** What stands there when there are no rows. */
      readonly empty: string;
    }
  | { readonly kind: 'fields'; readonly title: string; readonly fields: readonly (readonly [string, Cell])[] }
  | { readonly kind: 'text'; readonly title: string; readonly text: string }
  | { readonly kind: 'graph'; readonly title: string; readonly graph: Graph }
  | {
      readonly kind: 'choice';
      /** Fields of the address that the person fills in. */
      readonly inputs: readonly {
        readonly name: string;
        readonly label: string;
        readonly value: string;
        readonly options?: readonly string[];
      }[];
    };

/** What a service shows of itself on the local cloud's own page, at `/_local-cloud/<id>`. */
export interface View {
  readonly id: string;
  readonly title: string;
  /** One sentence. */
  readonly about: string;
  show(query: URLSearchParams): Promise<readonly Block[]> | readonly Block[];
}

/** The address of a view, for cells that lead to it. */
export function viewAddress(id: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `/_local-cloud/${id}${search === '' ? '' : `?${search}`}`;
}

/** A time as people of every zone can compare it with a log. */
export const timeText = (milliseconds: number) =>
  new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', ' UTC');
