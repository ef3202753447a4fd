// All scenes of all windows.
import { mainScenes } from "./main.mjs";
import { phoneScenes } from "./phone.mjs";
import { pickerScenes } from "./picker.mjs";
import { previewScenes } from "./preview.mjs";

export const scenes = [...previewScenes, ...pickerScenes, ...phoneScenes, ...mainScenes];
