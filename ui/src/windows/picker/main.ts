// Starts the target picker's window.
import "../../styles/tokens.css";
import "../../styles/base.css";
import { mount } from "svelte";
import { PickerController } from "../../features/targets/pickerController.svelte";
import { followAppearance } from "../../ipc/appearance";
import { connect } from "../../ipc/shell";
import { markPainted } from "../../shared/painted";
import App from "./App.svelte";

const shell = connect("picker");
const controller = new PickerController(shell);
const target = document.getElementById("app");
if (target) mount(App, { target, props: { controller } });
void markPainted(followAppearance(shell), controller.start());
