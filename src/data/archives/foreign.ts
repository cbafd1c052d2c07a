import { stemOf } from '../paths';

/** Kinds of files that are not read, by the endings of their names: what they are and what to do. */
type Kinds = [pattern: RegExp, says: string][];

const archives: Kinds = [
  [
    /\.(zip\.\d{3}|7z\.\d{3}|z\d\d|(zip|tar|tgz|tar\.gz)[.-]?part\w*)$/i,
    'it is one part of a split archive; join the parts and give the whole',
  ],
  [/\.(7z|rar|xz|txz|bz2|tbz2?|zst|lz4|lzma)$/i, ''],
];

const pictures: Kinds = [
  [/\.(mp4|m4v|mov|avi|mkv|webm|mpe?g|wmv|3gp)$/i, 'videos are not read; save frames of it as images'],
  [
    /\.(dng|cr[23]|nef|arw|raf|orf|rw2|pef|srw)$/i,
    "raw files of cameras are not read; export it as JPEG with the camera's program",
  ],
  [/\.(psd|psb)$/i, 'Photoshop files are not read; export it as PNG'],
  [/\.jxl$/i, 'JPEG XL is not read; save it as PNG or JPEG'],
  [/\.(jp2|j2k|jpx)$/i, 'JPEG 2000 is not read; save it as PNG or JPEG'],
  [/\.(p[bgpn]m|tga|pcx|exr|hdr|dds|ico)$/i, 'pictures of this kind are not read; save it as PNG'],
  [/\.(dcm|nii|nii\.gz)$/i, 'medical images are not read; export their slices as PNG'],
];

const data: Kinds = [
  [/\.xls[xmb]?$/i, 'is an Excel workbook, which is not read; save its sheet as CSV'],
  [/\.(ods|numbers)$/i, 'is a spreadsheet, which is not read; save its sheet as CSV'],
  [/\.mat$/i, 'is a MATLAB file, which is not read; write what it says as CSV, a row an image'],
  [/\.(npy|npz)$/i, 'holds NumPy arrays, which are not read; save the images as PNG, in a folder a class'],
  [/\.(h5|hdf5)$/i, 'is an HDF5 file, which is not read; save its images as files, beside a CSV'],
  [/\.tfrecords?([-.][\w-]+)?$/i, 'is a TFRecord, which is not read; write Parquet or a WebDataset tar'],
  [
    /\.arrow$/i,
    "is an Arrow file, which is not read; write Parquet, with to_parquet of Hugging Face's library",
  ],
  [/\.(sqlite3?|db)$/i, 'is a database, which is not read; export its table as CSV'],
  [/\.mdb$/i, 'is a database such as LMDB, which is not read; save its images as files'],
  [
    /\.(pkl|pickle|pt|pth)$/i,
    'holds pickled objects of Python, which are not read; save its images as files',
  ],
  [
    /(idx\d-ubyte|_batch(_\d+)?(\.bin)?)$/i,
    'holds images as bare numbers, which are not read; save them as PNG',
  ],
  [/\.(pdf|docx?|odt|pptx?)$/i, 'is a document, which is not read; save its pictures and texts as files'],
];

/** Why an archive of another kind is not read; undefined where a file is none. */
export function foreignArchive(path: string): string | undefined {
  const reason = kindOf(path, archives);
  const ending = path.slice(path.lastIndexOf('.') + 1);
  return reason === '' ? `${ending} archives are not read; unpack it and give the folder or a zip` : reason;
}

/** The pictures and films among these files that are not read, and why; not those of which an image lies beside them. */
export function foreignPictures(others: readonly string[], images: readonly string[]) {
  const found = others.flatMap((file) => {
    const reason = kindOf(file, pictures);
    return reason === undefined ? [] : [{ file, reason }];
  });
  const read = new Set(found.length > 0 ? images.map((path) => stemOf(path).toLowerCase()) : []);
  return found.filter(({ file }) => !read.has(stemOf(file).toLowerCase()));
}

/** What a file is in which data may lie that is not read, and what to do, as the rest of a sentence that its name begins. */
export function foreignData(path: string): string | undefined {
  return kindOf(path, data);
}

function kindOf(path: string, kinds: Kinds): string | undefined {
  return kinds.find(([pattern]) => pattern.test(path))?.[1];
}

export const lfsPointer = 'it is a Git LFS pointer, not the file itself; fetch that with git lfs pull';

/** A clone without Git LFS has such a text in the place of each large file. */
export async function isLfsPointer(file: Blob): Promise<boolean> {
  return file.size < 1024 && (await file.text()).startsWith('version https://git-lfs.github.com/spec');
}
