import { formatValue } from '../format.ts';
import { type ChartTimes, timeText } from './chart-times.ts';
import { seriesColor } from './palette.ts';
import type { Aligned, Series } from './series.ts';

/** The names, colors and values of the series; each is a switch that shows or hides its line. */
export function ChartLegend(props: {
  series: readonly Series[];
  aligned: Aligned;
  /** Where the cursor stands; without it the legend shows each series' latest value. */
  index: number | undefined;
  hidden: ReadonlySet<string>;
  zone: string;
  times: ChartTimes;
  onToggle: (id: string) => void;
}) {
  const { series, aligned, index, hidden, zone, times, onToggle } = props;
  const time = index === undefined ? undefined : aligned.times[index];
  return (
    <div className="skafu-legend">
      <div className="skafu-legend-time">
        {time === undefined ? 'Latest values' : `Values at ${timeText(time, zone, times)}`}
      </div>
      <ul aria-label="Series">
        {series.map((each, position) => {
          const value = index === undefined ? each.values.at(-1) : aligned.columns[position]?.[index];
          return (
            <li key={each.id}>
              <button
                type="button"
                aria-pressed={!hidden.has(each.id)}
                title={hidden.has(each.id) ? 'Show this series' : 'Hide this series'}
                onClick={() => onToggle(each.id)}
              >
                <span className="skafu-legend-mark" style={{ background: seriesColor(position) }} />
                <span className="skafu-legend-label">{each.label}</span>
                <span className="skafu-legend-value">
                  {value === undefined || value === null ? 'no data' : formatValue(value, each.unit)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
