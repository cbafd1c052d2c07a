/** One of the eleven sets that prompt learning is measured on. */
export interface ResearchSet {
  name: string;
  /** The set's folder, as CoOp lays it out. */
  folder: string;
  classes: number;
  /** Images of CoOp's splits (Zhou et al. 2022, arXiv 2109.01134, Table 6). */
  train: number;
  test: number;
  /** PromptKD's `kdWeight` where its KL is divided by B·N: 1000, and less for sets of many classes that look alike. */
  scale?: number;
}

export const researchSets: readonly ResearchSet[] = [
  { name: 'ImageNet', folder: 'imagenet', classes: 1000, train: 1_281_167, test: 50_000 },
  { name: 'Caltech101', folder: 'caltech-101', classes: 100, train: 4128, test: 2465 },
  { name: 'OxfordPets', folder: 'oxford_pets', classes: 37, train: 2944, test: 3669 },
  { name: 'StanfordCars', folder: 'stanford_cars', classes: 196, train: 6509, test: 8041 },
  { name: 'Flowers102', folder: 'oxford_flowers', classes: 102, train: 4093, test: 2463, scale: 200 },
  { name: 'Food101', folder: 'food-101', classes: 101, train: 50_500, test: 30_300 },
  { name: 'FGVCAircraft', folder: 'fgvc_aircraft', classes: 100, train: 3334, test: 3333, scale: 200 },
  { name: 'SUN397', folder: 'sun397', classes: 397, train: 15_880, test: 19_850 },
  { name: 'DTD', folder: 'dtd', classes: 47, train: 2820, test: 1692, scale: 200 },
  { name: 'EuroSAT', folder: 'eurosat', classes: 10, train: 13_500, test: 8100 },
  { name: 'UCF101', folder: 'ucf101', classes: 101, train: 7639, test: 3783 },
];
