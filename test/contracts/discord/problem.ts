/** One thing that Discord would not accept, or that it would silently drop. */
export interface Problem {
  /** `/embeds/0/title`. */
  readonly where: string;
  readonly message: string;
}
