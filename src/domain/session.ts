/** New York trading date, `YYYY-MM-DD`. */
export type SessionDate = string;

export type Phase = 'premarket' | 'regular' | 'aftermarket' | 'closed';

/** Regular hours of one trading day; pre-market starts 04:00 ET, after-market ends four hours after the close. */
export interface SessionDay {
  readonly on: SessionDate;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly earlyClose: boolean;
}
