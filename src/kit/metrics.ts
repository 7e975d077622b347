import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

type Labels<L extends string> = Readonly<Record<L, string>>;

interface CounterMetric<L extends string> {
  inc(labels?: Labels<L>, by?: number): void;
}

interface GaugeMetric<L extends string> {
  set(labels: Labels<L>, value: number): void;
  set(value: number): void;
}

interface HistogramMetric<L extends string> {
  observe(labels: Labels<L>, value: number): void;
  observe(value: number): void;
}

/** Counts in plain numbers that are handed over when the metrics are read: for paths with 100,000 events a second. */
interface HotMetric {
  inc(value: string, by?: number): void;
  /** The number itself, for code that counts in a loop. */
  slot(value: string): { count: number };
}

/** Asking twice for one name gives the same metric. Label values beyond the bound are counted as `other`. */
export interface Metrics {
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): CounterMetric<L>;
  gauge<L extends string = never>(name: string, help: string, labels?: readonly L[]): GaugeMetric<L>;
  /** Buckets in seconds fit for web requests unless given. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    labels?: readonly L[],
    buckets?: readonly number[],
  ): HistogramMetric<L>;
  hot(name: string, help: string, labelName: string): HotMetric;
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface MetricsOptions {
  /** Different values that one label of one metric may take. */
  readonly maxLabelValues?: number;
  /** Adds memory, CPU, event loop and GC of this process. */
  readonly process?: boolean;
  /** Takes secret values out of the text. */
  readonly scrub?: (text: string) => string;
}

const LONGEST_LABEL_VALUE = 64;
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Keeps a label to a bounded set of values, since every new one lives for as long as the process. */
function createBound(max: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    const short = value.slice(0, LONGEST_LABEL_VALUE);
    if (known.has(short)) return short;
    if (known.size >= max) return 'other';
    known.add(short);
    return short;
  };
}

/** A registry of our own, so that two of them in one process (tests) do not meet. */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const { maxLabelValues = 100, scrub = (text) => text } = options;
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry });
  const made = new Map<string, unknown>();

  const once = <M>(kind: string, name: string, make: () => M): M => {
    const key = `${kind} ${name}`;
    if (!made.has(key)) made.set(key, make());
    return made.get(key) as M;
  };
  const boundsFor = <L extends string>(labels: readonly L[]): ((given: Labels<L>) => Record<L, string>) => {
    const bounds = labels.map((label) => [label, createBound(maxLabelValues)] as const);
    return (given) =>
      Object.fromEntries(bounds.map(([label, bound]) => [label, bound(given[label])])) as Record<L, string>;
  };
  const common = (name: string, help: string, labels: readonly string[]) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });

  return {
    counter<L extends string = never>(name: string, help: string, labels: readonly L[] = []) {
      return once<CounterMetric<L>>('counter', name, () => {
        const counter = new Counter<string>(common(name, help, labels));
        const bounded = boundsFor(labels);
        return { inc: (given, by = 1) => (given ? counter.inc(bounded(given), by) : counter.inc(by)) };
      });
    },
    gauge<L extends string = never>(name: string, help: string, labels: readonly L[] = []) {
      return once<GaugeMetric<L>>('gauge', name, () => {
        const gauge = new Gauge<string>(common(name, help, labels));
        const bounded = boundsFor(labels);
        return {
          set(given: Labels<L> | number, value: number = 0) {
            if (typeof given === 'number') gauge.set(given);
            else gauge.set(bounded(given), value);
          },
        };
      });
    },
    histogram<L extends string = never>(
      name: string,
      help: string,
      labels: readonly L[] = [],
      buckets: readonly number[] = SECONDS,
    ) {
      return once<HistogramMetric<L>>('histogram', name, () => {
        const histogram = new Histogram<string>({ ...common(name, help, labels), buckets: [...buckets] });
        const bounded = boundsFor(labels);
        return {
          observe(given: Labels<L> | number, value: number = 0) {
            if (typeof given === 'number') histogram.observe(given);
            else histogram.observe(bounded(given), value);
          },
        };
      });
    },
    hot(name, help, labelName) {
      return once<HotMetric>('hot', name, () => {
        const slots = new Map<string, { count: number }>();
        const bound = createBound(maxLabelValues);
        const slot = (value: string): { count: number } => {
          const known = slots.get(value);
          if (known) return known;
          const label = bound(value);
          const fresh = slots.get(label) ?? { count: 0 };
          slots.set(label, fresh);
          return fresh;
        };
        new Counter<string>({
          ...common(name, help, [labelName]),
          collect() {
            this.reset();
            for (const [value, { count }] of slots) this.inc({ [labelName]: value }, count);
          },
        });
        return {
          slot,
          inc(value, by = 1) {
            slot(value).count += by;
          },
        };
      });
    },
    text: async () => scrub(await registry.metrics()),
    contentType: registry.contentType,
  };
}
