import type { StoreFigure } from './event-store.ts';
import { alignedTable, type Line, numberText } from './lines.ts';

const part = 'event store';

/** What each figure must reach: nearly the floor's rate, more than Castore's, and no unit more than there must be. */
export function storeLinesOf(figures: readonly StoreFigure[]): Line[] {
  return figures.flatMap((figure): Line[] => {
    const { name, times, ratios, units, unit, leastUnits } = figure;
    const rate = (side: keyof typeof times) => numberText(1000 / times[side]);
    return [
      {
        part,
        what: `${name}: rate, ours / floor`,
        measured: ratios.floor,
        unit: '',
        bar: { must: 'be at least', value: 0.9 },
        detail: `${rate('ours')} of ${rate('floor')} a second`,
      },
      {
        part,
        what: `${name}: rate, ours / Castore`,
        measured: ratios.castore,
        unit: '',
        bar: { must: 'be at least', value: 1 },
        detail: `${rate('ours')} of ${rate('castore')} a second`,
      },
      {
        part,
        what: `${name}: units`,
        measured: units.ours,
        unit,
        bar: { must: 'be at most', value: leastUnits ?? units.floor },
        detail: `floor ${numberText(units.floor)}, Castore ${numberText(units.castore)}`,
      },
    ];
  });
}

/** The same as the docs show it: a line for each operation. */
export function storeTableOf(figures: readonly StoreFigure[]): string {
  return alignedTable(
    ['operation', 'ours / floor', 'ours / Castore', 'unit', 'ours', 'floor', 'Castore'],
    figures.map(({ name, ratios, unit, units }) => [
      name,
      ratios.floor.toFixed(2),
      ratios.castore.toFixed(2),
      unit,
      ...[units.ours, units.floor, units.castore].map(numberText),
    ]),
  );
}
