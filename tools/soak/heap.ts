import type { CDPSession, Page } from 'playwright-core';

const MOMENTS = 4;

/** The JavaScript heaps of a page and its engine, as the browser's debugger measures them. */
export class Heap {
  /** The debugger's name for the engine's worker of the moment. */
  private engine = '';
  private asked = 0;

  private constructor(private readonly session: CDPSession) {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (/engine\.worker/.test(targetInfo.url)) this.engine = sessionId;
    });
  }

  static async of(page: Page): Promise<Heap> {
    const session = await page.context().newCDPSession(page);
    const heap = new Heap(session);
    await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false });
    return heap;
  }

  /** Bytes in use once all garbage is collected: the least of several moments, since what is under way holds some, too. */
  async used(): Promise<number> {
    const moments: number[] = [];
    while (moments.length < MOMENTS) moments.push(await this.usedNow());
    return Math.min(...moments);
  }

  private async usedNow(): Promise<number> {
    await this.session.send('HeapProfiler.collectGarbage');
    await this.askEngine('HeapProfiler.collectGarbage');
    const page = await this.session.send('Runtime.getHeapUsage');
    const engine = await this.askEngine('Runtime.getHeapUsage');
    return page.usedSize + engine.usedSize;
  }

  private askEngine(method: string): Promise<{ usedSize: number }> {
    const { session, engine } = this;
    const id = ++this.asked;
    return new Promise((resolve) => {
      const hear = ({ sessionId, message }: { sessionId: string; message: string }) => {
        const answer = JSON.parse(message);
        if (sessionId !== engine || answer.id !== id) return;
        session.off('Target.receivedMessageFromTarget', hear);
        resolve(answer.result);
      };
      session.on('Target.receivedMessageFromTarget', hear);
      const message = JSON.stringify({ id, method });
      void session.send('Target.sendMessageToTarget', { sessionId: engine, message });
    });
  }
}
