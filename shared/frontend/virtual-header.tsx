import type { CSSProperties } from 'react';
import type { RowOrder } from './virtual-rows.ts';

interface HeaderColumn {
  id: string;
  header: string;
  sort?: unknown;
}

/** The heading of a virtual table; columns that can be sorted are buttons. */
export function VirtualHeader(props: {
  columns: readonly HeaderColumn[];
  grid: CSSProperties;
  /** Whether rows begin with a button that opens them. */
  opens: boolean;
  order: RowOrder | undefined;
  onOrder: (order: RowOrder) => void;
}) {
  const { columns, grid, opens, order, onOrder } = props;
  return (
    <thead>
      <tr aria-rowindex={1} style={grid}>
        {opens ? <td /> : null}
        {columns.map(({ id, header, sort }) => {
          const ordered = order?.column === id;
          const descending = ordered && order.descending;
          return (
            <th
              key={id}
              scope="col"
              aria-sort={ordered ? (descending ? 'descending' : 'ascending') : undefined}
              title={header}
            >
              {sort ? (
                <button
                  type="button"
                  data-virtual="sorter"
                  onClick={() => onOrder({ column: id, descending: ordered && !descending })}
                >
                  {header} <span aria-hidden="true">{ordered ? (descending ? '▼' : '▲') : '△'}</span>
                </button>
              ) : (
                header
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
