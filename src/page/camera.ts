/** The towers see no more of a picture: its shorter side, in pixels. */
const shorterSide = 448;
const quality = 0.92;

const framed =
  'This page lies in a frame that may not use the camera: open it in a tab of its own, or have its host allow it (allow="camera").';

/** What only Chromium has. */
interface PolicedDocument {
  featurePolicy?: { allowsFeature(name: string): boolean };
}

/**
 * Starts the camera; the browser asks for leave.
 *
 * @throws Error whose message is a sentence for the user, where there is none or it may not be used
 */
export async function openCamera(): Promise<MediaStream> {
  if (!('mediaDevices' in navigator))
    throw new Error('Browsers lend the camera only to pages over https, or on this machine (localhost).');
  const { featurePolicy }: Document & PolicedDocument = document;
  if (featurePolicy && !featurePolicy.allowsFeature('camera')) throw new Error(framed);
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', width: { ideal: 640 }, height: { ideal: 480 } },
    });
  } catch (error) {
    throw new Error(whyNoCamera(error instanceof DOMException ? error.name : ''));
  }
}

export function stopCamera(camera: MediaStream | undefined): void {
  for (const track of camera?.getTracks() ?? []) track.stop();
}

function whyNoCamera(name: string): string {
  if (name === 'NotFoundError' || name === 'OverconstrainedError')
    return 'No camera is connected to this machine.';
  if (name === 'NotReadableError' || name === 'AbortError')
    return 'The camera is in use by another program: close that one and try again.';
  if (window.top !== window.self) return framed;
  return 'The browser may not use the camera: allow it beside the address of this page, and try again.';
}

/** What the camera shows now, as a JPEG. Throws an Error where it shows nothing yet. */
export async function takePicture(video: HTMLVideoElement): Promise<Blob> {
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, shorterSide / Math.min(videoWidth, videoHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
  if (!picture) throw new Error('The camera shows no picture.');
  return picture;
}
