import { overWhite, type RgbImage, toRgba } from '../clip/image';
import { decodeInBrowser } from '../data/images/decodeBrowser';
import { add, main, messageOf, status } from './elements';
import type { Answering } from './student';

/** Answers shown of a picture. */
const SHOWN = 5;

/** Pictures and camera in, answers out. */
export class AnswersPage {
  private readonly filter: HTMLInputElement;
  private readonly results: HTMLElement;
  private camera?: MediaStream;

  constructor(private readonly student: Answering) {
    const controls = add(main, 'div', { className: 'controls' });
    const choose = add(controls, 'label', { className: 'button', textContent: 'Choose pictures' });
    const files = add(choose, 'input', { type: 'file', accept: 'image/*', multiple: true });
    files.addEventListener('change', () => void this.addFiles([...(files.files ?? [])]));
    const camera = add(controls, 'button', { type: 'button', textContent: 'Camera' });
    camera.addEventListener('click', () => void this.toggleCamera(camera));
    const among = add(controls, 'label', { textContent: 'Only answers with ' });
    this.filter = add(among, 'input', { type: 'search' });
    this.results = add(main, 'section', { ariaLabel: 'Answers' });
    document.addEventListener('dragover', (event) => event.preventDefault());
    document.addEventListener('drop', (event) => {
      event.preventDefault();
      void this.addFiles([...(event.dataTransfer?.files ?? [])]);
    });
  }

  private async addFiles(files: File[]): Promise<void> {
    for (const file of files) {
      const { figure, list } = this.card(file.name);
      try {
        const image = await decodeInBrowser(file, file.name);
        figure.prepend(thumbnail(image));
        await this.show(image, list);
      } catch (error) {
        add(list, 'li', { textContent: `It can’t be read: ${messageOf(error)}.` });
      }
    }
  }

  private card(name: string) {
    const figure = document.createElement('figure');
    const caption = add(figure, 'figcaption', {});
    add(caption, 'h2', { textContent: name });
    const list = add(caption, 'ol', {});
    this.results.prepend(figure);
    return { figure, list };
  }

  private async show(image: RgbImage, list: HTMLElement): Promise<void> {
    const { names } = this.student;
    const wanted = this.filter.value.trim().toLowerCase();
    const chosen = [...names.keys()].filter((i) => names[i].toLowerCase().includes(wanted));
    if (chosen.length === 0) {
      list.replaceChildren();
      add(list, 'li', { textContent: `No answer has “${wanted}” in it.` });
      return;
    }
    const shares = await this.student.answer(image, chosen);
    const best = [...shares.keys()].sort((a, b) => shares[b] - shares[a]).slice(0, SHOWN);
    list.replaceChildren();
    for (const i of best) {
      const item = add(list, 'li', {});
      item.style.setProperty('--share', String(shares[i]));
      add(item, 'span', { textContent: names[chosen[i]] });
      add(item, 'data', { value: String(shares[i]), textContent: `${(100 * shares[i]).toFixed(1)} %` });
    }
  }

  private async toggleCamera(button: HTMLElement): Promise<void> {
    if (this.camera) {
      for (const track of this.camera.getTracks()) track.stop();
      this.camera = undefined;
      button.textContent = 'Camera';
      return;
    }
    try {
      this.camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    } catch (error) {
      status.textContent = `There is no camera to be had: ${messageOf(error)}.`;
      return;
    }
    button.textContent = 'Stop';
    await this.watch(this.camera);
  }

  /** Answers what the camera sees, one picture after the other, until it is stopped. */
  private async watch(camera: MediaStream): Promise<void> {
    const { figure, list } = this.card('Camera');
    const video = document.createElement('video');
    Object.assign(video, { srcObject: camera, muted: true, playsInline: true });
    figure.prepend(video);
    await video.play();
    while (this.camera === camera) {
      const { videoWidth: width, videoHeight: height } = video;
      const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
      context?.drawImage(video, 0, 0);
      const pixels = context?.getImageData(0, 0, width, height).data;
      if (pixels) await this.show(overWhite(pixels, width, height), list);
      await new Promise(requestAnimationFrame);
    }
  }
}

function thumbnail({ data, width, height }: RgbImage): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  canvas.getContext('2d')?.putImageData(new ImageData(toRgba(data), width, height), 0, 0);
  return canvas;
}
