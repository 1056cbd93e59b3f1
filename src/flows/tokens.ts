import type { Token, TokenGrant, TokenId } from '../domain/token.js';

/** Who shows which token. */
export interface Tokens {
  /**
   * The token with this text, or undefined if it is not one, not known or its secret is wrong; the three take the same
   * time. Rejects if the store cannot be reached.
   */
  find(text: string): Promise<Token | undefined>;
}

/** The tokens of an installation, for whoever gives them out. Every method rejects if the store cannot be reached. */
export interface TokenBook extends Tokens {
  /** Makes a token; its text is told here and never again. */
  issue(grant: TokenGrant): Promise<{ token: Token; text: string }>;
  /** Oldest first. */
  list(): Promise<Token[]>;
  /** False if there is none; the others do not believe it within a second. */
  revoke(id: TokenId): Promise<boolean>;
}
