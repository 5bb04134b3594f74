"""What packages and installers say of the program beside its name, and their Korean."""

from __future__ import annotations

from release.facts import FILE_TYPES, SUMMARY

DESCRIPTION = (
    "Draw boxes around landmarks on your photos, see their crops, train a network on them and let "
    "it name the landmark on new photos. Everything stays on this computer, and no photo is ever "
    "changed."
)
PROJECT_TYPE, MODEL_TYPE = (kind.description for kind in FILE_TYPES)
KOREAN = {
    SUMMARY: "사진 폴더에서 새 사진의 랜드마크 이름을 알려 주는 모델까지",
    DESCRIPTION: (
        "사진의 랜드마크에 상자를 그리고, 크롭을 확인하고, 네트워크를 학습시켜 새 사진의 랜드마크 "
        "이름을 알아내게 합니다. 모든 작업은 이 컴퓨터에서만 이루어지며 사진은 바뀌지 않습니다."
    ),
    PROJECT_TYPE: "Landmark GUI 프로젝트",
    MODEL_TYPE: "Landmark GUI 모델",
}
