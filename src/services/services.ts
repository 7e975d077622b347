/** What commands may use; each service is declared in its own file and constructed in `app.ts`. */
export type Services = Record<never, never>;
