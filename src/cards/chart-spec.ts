import type { Bar } from '../domain/bar.ts';

interface ChartBand {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly tone: 'up' | 'down' | 'warn' | 'neutral';
}

export interface ChartLine {
  readonly label: string;
  /** One value per bar; undefined while the indicator warms up. */
  readonly values: readonly (number | undefined)[];
}

/** A chart as data; `drawChart` turns it into a PNG with the same bytes in every process. */
export interface ChartSpec {
  readonly title: string;
  readonly subtitle: string;
  readonly bars: readonly Bar[];
  readonly lines: readonly ChartLine[];
  readonly levels: readonly {
    readonly label: string;
    readonly price: number;
    readonly tone: 'up' | 'down' | 'warn' | 'neutral';
  }[];
  readonly bands: readonly ChartBand[];
}
