import { AppError } from '../kit/errors.ts';
import { MassiveError } from '../massive/errors.ts';

/** Turns a provider's failure into the sentence a member reads; `what` names the thing asked for ("a price for AAPL"). */
function translateMassive(err: unknown, what: string): AppError {
  if (err instanceof AppError) return err;
  if (!(err instanceof MassiveError))
    return new AppError('internal', `The bot failed while reading ${what}.`, { cause: err });
  const cause = { cause: err };
  switch (err.kind) {
    case 'not_found':
      return new AppError('not_found', `Massive has no data for ${what}.`, cause);
    case 'plan_limit':
      return new AppError('unavailable', `The Massive data plan in use does not include ${what}.`, cause);
    case 'unauthorized':
      return new AppError('unavailable', 'Massive refused the API key; the owner must check MASSIVE_API_KEY.', cause);
    case 'rate_limited':
      return new AppError(
        'unavailable',
        `Massive's request limit is used up; ${what} can be asked again in a minute.`,
        cause,
      );
    case 'circuit_open':
      return new AppError(
        'unavailable',
        `Massive has failed repeatedly, so ${what} is paused for half a minute.`,
        cause,
      );
    default:
      return new AppError('unavailable', `Massive did not answer for ${what}; try again in a moment.`, cause);
  }
}

/** Runs one provider read and speaks to members if it fails. */
export async function asking<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (err) {
    throw translateMassive(err, what);
  }
}
