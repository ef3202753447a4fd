// All scenes of all windows.
import { previewScenes } from "./preview.mjs";

export const scenes = [...previewScenes];
