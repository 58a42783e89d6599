import {
  colorBackgroundContainerContent,
  colorBorderDividerDefault,
  colorChartsPaletteCategorical1,
  colorChartsPaletteCategorical2,
  colorChartsPaletteCategorical3,
  colorChartsPaletteCategorical4,
  colorChartsPaletteCategorical5,
  colorChartsPaletteCategorical6,
  colorChartsPaletteCategorical7,
  colorChartsPaletteCategorical8,
  colorChartsThresholdNegative,
  colorTextBodySecondary,
} from '@cloudscape-design/design-tokens';

const palette = [
  colorChartsPaletteCategorical1,
  colorChartsPaletteCategorical2,
  colorChartsPaletteCategorical3,
  colorChartsPaletteCategorical4,
  colorChartsPaletteCategorical5,
  colorChartsPaletteCategorical6,
  colorChartsPaletteCategorical7,
  colorChartsPaletteCategorical8,
];

/** The CSS color of the series at `index`. */
export function seriesColor(index: number): string {
  return palette[index % palette.length] ?? colorChartsPaletteCategorical1;
}

export const thresholdColor = colorChartsThresholdNegative;
export const axisColor = colorTextBodySecondary;
export const gridColor = colorBorderDividerDefault;
export const surfaceColor = colorBackgroundContainerContent;

/** What a CSS color is at this moment within `element`: a canvas cannot read custom properties. */
export function resolveColor(element: HTMLElement, color: string): string {
  const probe = document.createElement('span');
  probe.style.color = color;
  element.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}
