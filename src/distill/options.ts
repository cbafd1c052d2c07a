/** Which of the student's image tower learns beside the projector and EduAttention. */
export type TrainedParameters = 'prompts' | 'full' | 'heads';
