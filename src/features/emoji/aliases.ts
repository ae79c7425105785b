/**
 * Names that other programs use for emoji, with GitHub's name for each. Sources: Discord and JoyPixels (`slight_smile`),
 * Slack and emoji-data (`thinking_face`), Telegram (`flame`). Those of Unicode CLDR (`party_popper`) follow from the
 * descriptions.
 */
const aliasList = `
slight_smile simple_smile slightly_smiling_face | slight_frown slightly_frowning_face | upside_down upside_down_face
rolling_eyes face_with_rolling_eyes roll_eyes | thinking_face thinking | hugging hugging_face hugs | nerd nerd_face
cowboy face_with_cowboy_hat cowboy_hat_face | clown clown_face | zipper_mouth zipper_mouth_face
money_mouth money_mouth_face | lying lying_face | sick nauseated_face | sneeze sneezing_face
head_bandage face_with_head_bandage | thermometer_face face_with_thermometer
grinning_face_with_one_large_and_one_small_eye zany zany_face | face_with_raised_eyebrow raised_eyebrow
smiling_face_with_3_hearts smiling_face_with_three_hearts | partying partying_face | pleading pleading_face
woozy woozy_face | yawn yawning yawning_face | hot hot_face | cold cold_face | melt melting_face | salute saluting_face
drool drooling drooling_face | face_with_symbols_on_mouth serious_face_with_symbols_covering_mouth cursing_face
shocked_face_with_exploding_head exploding_head | face_with_hand_over_mouth hand_over_mouth
smiling_face_with_smiling_eyes_and_hand_covering_mouth hand_over_mouth | shushing shushing_face
face_palm person_facepalming facepalm | person_shrugging shrug | person_raising_hand raising_hand | person_bowing bow
person_running runner | person_walking walking | thumbup thumb_up +1 | thumbdown thumb_down -1
fingers_crossed hand_with_index_and_middle_fingers_crossed crossed_fingers
hand_splayed raised_hand_with_fingers_splayed | vulcan vulcan_salute
sign_of_the_horns the_horns metal | call_me call_me_hand | left_facing_fist fist_left | right_facing_fist fist_right
robot_face robot | flame fire | skull_crossbones skull_and_crossbones | heart_exclamation heavy_heart_exclamation
flag_white white_flag | flag_black black_flag | tools hammer_and_wrench | timer timer_clock
calendar_spiral spiral_calendar | notepad_spiral spiral_notepad | first_place 1st_place_medal
second_place 2nd_place_medal | third_place 3rd_place_medal | burger hamburger | unicorn_face unicorn | t_rex t-rex
thunder_cloud_rain cloud_with_lightning_and_rain | cloud_rain cloud_with_rain | cloud_snow cloud_with_snow
check_mark heavy_check_mark | checkmark white_check_mark | cross x | cross_mark x | party_popper tada
face_with_tears_of_joy joy | loudly_crying_face sob | folded_hands pray | clapping_hands clap | hundred_points 100
poo poop | motor_bike motorcycle | hot_dog hotdog | wine wine_glass | desktop desktop_computer
mouse_three_button computer_mouse | man_doctor man_health_worker | woman_doctor woman_health_worker
`

/** GitHub's name by each of the others. */
export const aliases: ReadonlyMap<string, string> = new Map(
  aliasList
    .trim()
    .split(/\s*[|\n]\s*/)
    .flatMap((line) => {
      const names = line.split(" ")
      const name = names.pop() ?? ""
      return names.map((alias) => [alias, name] as const)
    }),
)
