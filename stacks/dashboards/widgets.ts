/** One line of a chart: a metric, or a search that draws a line for each metric it finds. */
export type Line =
  | {
      readonly namespace: string;
      readonly metric: string;
      readonly dimensions: Readonly<Record<string, string>>;
      readonly label?: string;
      /** By default the chart's. */
      readonly statistic?: Statistic;
      /** By default the dashboard's. */
      readonly region?: string;
    }
  | { readonly search: string };

export type Statistic = 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'p50' | 'p95' | 'p99';

export interface Chart {
  readonly title: string;
  /** Of each minute. */
  readonly statistic: Statistic;
  /** What stands at the axis. */
  readonly unit: string;
  readonly lines: readonly Line[];
}

/** Charts side by side below a heading. */
export interface Row {
  readonly heading: string;
  readonly charts: readonly Chart[];
}

const width = 24;
const headingHeight = 1;
const chartHeight = 6;

/** The body of a CloudWatch dashboard, with the rows below each other. Rows and charts without a line are left out. */
export function dashboardBody(rows: readonly Row[], region: string) {
  const shown = rows
    .map(({ heading, charts }) => ({ heading, charts: charts.filter(({ lines }) => lines.length > 0) }))
    .filter(({ charts }) => charts.length > 0);
  return {
    periodOverride: 'inherit',
    widgets: shown.flatMap(({ heading, charts }, index) => {
      const y = index * (headingHeight + chartHeight);
      const each = width / charts.length;
      return [
        { type: 'text', x: 0, y, width, height: headingHeight, properties: { markdown: `## ${heading}` } },
        ...charts.map((chart, column) => ({
          type: 'metric',
          x: Math.floor(column * each),
          y: y + headingHeight,
          width: Math.floor(each),
          height: chartHeight,
          properties: propertiesOf(chart, region),
        })),
      ];
    }),
  };
}

function propertiesOf({ title, statistic, unit, lines }: Chart, region: string) {
  return {
    title,
    view: 'timeSeries',
    stat: statistic,
    period: 60,
    region,
    yAxis: { left: { label: unit, showUnits: false, min: 0 } },
    metrics: lines.map(metricOf),
  };
}

/** CloudWatch's own form: namespace, metric, then names and values of dimensions, then how it is drawn. */
function metricOf(line: Line): unknown[] {
  if ('search' in line) return [{ expression: line.search }];
  const { namespace, metric, dimensions, label, statistic, region } = line;
  const drawn = {
    ...(label === undefined ? {} : { label }),
    ...(statistic === undefined ? {} : { stat: statistic }),
    ...(region === undefined ? {} : { region }),
  };
  return [namespace, metric, ...Object.entries(dimensions).flat(), drawn];
}
