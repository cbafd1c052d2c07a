import { InputError } from '../files/folder';
import { retryAfter } from '../files/http';
import { similarModel } from './knownModels';
import type { HubPlace } from './place';

/** The repository is there, but not this revision of it. */
export class NoRevisionError extends InputError {}

export interface HubRequest extends HubPlace {
  /** The hub's or its mirror's address. */
  endpoint: string;
  /** Whether an access token went along. */
  hasToken: boolean;
}

/** What an answer of the hub means, in one sentence, with what to do about it. */
export function hubError(asked: HubRequest, answer?: Response): InputError {
  const { kind, endpoint, id, revision, hasToken } = asked;
  const { host } = new URL(endpoint);
  const page = kind === 'model' ? `${endpoint}/${id}` : `${endpoint}/datasets/${id}`;
  const code = answer?.headers.get('x-error-code');
  if (!answer) {
    return new InputError(
      `${id} could not be loaded from ${host}, or not to its end. Check the connection and go on later; ` +
        `without one, take the ${kind}'s files from a folder.`,
    );
  }
  if (code === 'GatedRepo') {
    return new InputError(
      hasToken
        ? `${id} is open only to those who accepted its terms: accept them at ${page} with the token's account.`
        : `${id} is open only to those who accepted its terms: accept them at ${page}, then give an access token.`,
    );
  }
  if (code === 'RevisionNotFound') {
    return new NoRevisionError(
      `${id} has no revision “${revision}”: ${page}/tree/main shows its branches and tags.`,
    );
  }
  return new InputError(byStatus(answer, host, asked));
}

function byStatus(answer: Response, host: string, { kind, id, hasToken }: HubRequest): string {
  const similar = kind === 'model' ? similarModel(id) : undefined;
  const meant = similar && similar !== id ? `; is ${similar} meant?` : '.';
  switch (answer.status) {
    // Without a token, the hub does not tell whether something is missing or private.
    case 401:
      return hasToken
        ? `${host} does not accept the access token, or has no ${kind} ${id}${meant}`
        : `${host} has no public ${kind} ${id}: check how it is written, or give an access token if it is private${meant}`;
    case 403:
      return `The access to ${id} is denied by ${host}: ${hasToken ? 'the access token lacks the right to read it' : 'an access token is needed'}.`;
    case 404:
      return `${host} has no ${kind} ${id}${meant}`;
    case 416:
      return `${host} refuses to send the rest of a file of ${id}. Delete what is stored of it, and load it anew.`;
    case 429: {
      const wait = retryAfter(answer);
      const later = wait === undefined ? 'later' : `in ${Math.ceil(wait / 1000)} s`;
      return `${host} gets too many requests from this network. Try again ${later}${hasToken ? '' : '; with an access token it allows more'}.`;
    }
    default:
      return `${host} answers ${answer.status} ${answer.statusText} for ${id}. Try again later.`;
  }
}
